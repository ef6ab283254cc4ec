"""Risk from severity and likelihood, by the example matrix of the guidance on DCB0129."""

SEVERITIES = {
    "minor": "one person with a slight injury that soon heals, a small upset, or inconvenience",
    "significant": "one person with a slight injury that lasts, or real distress; or a minor harm to several",
    "considerable": "one person badly hurt or traumatised and expected to recover; or a significant harm to several",
    "major": "one death or lasting incapacity; or a considerable harm to several",
    "catastrophic": "several deaths, or several people with lasting incapacity",
}
"""Harm to a patient, in our words, the least first."""
LIKELIHOODS = {
    "very low": "next to never",
    "low": "it can happen, and in most uses does not",
    "medium": "possible",
    "high": "to be expected in most uses",
    "very high": "all but certain",
}
"""How likely the harm is, in our words, the least first."""
RISKS = {
    1: "acceptable; nothing more is needed",
    2: "acceptable where reducing it further would cost more than it brings",
    3: "undesirable; acceptable only where reducing it further is not practicable, with the reason",
    4: "to be removed, or brought down to what is acceptable, before use",
    5: "unacceptable",
}
"""What may be done with a risk, in our words."""
MATRIX = {
    "very low": (1, 1, 2, 2, 3),
    "low": (1, 2, 2, 3, 4),
    "medium": (2, 2, 3, 3, 4),
    "high": (2, 3, 3, 4, 5),
    "very high": (3, 4, 4, 5, 5),
}
"""Risk by likelihood, and in each row by severity from minor to catastrophic."""


def risk(severity: str, likelihood: str) -> int:
    """Return the risk, 1 to 5.

    Examples
    --------
    >>> risk("minor", "very low"), risk("considerable", "medium"), risk("major", "high"), risk("catastrophic", "high")
    (1, 3, 4, 5)
    """
    return MATRIX[likelihood][list(SEVERITIES).index(severity)]
