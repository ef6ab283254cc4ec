"""Lists are read from every published layout, whatever the file is called. All identifiers are invented."""

import pytest

from pcn_analysis.clinical_codes.layouts import LAYOUTS, members, read_file
from pcn_analysis.exceptions import PcnAnalysisError

pytestmark = pytest.mark.unit

A, B, LONG = "12345009", "1234567000001105", "123456789000001104"
OURS = "codelist_id,version,code_system,code,term,condition,include"


@pytest.fixture
def written(tmp_path):
    """Write text, or bytes, to a file whose name says nothing."""

    def write(text, name="download.dat"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def read(path, group="", layout=""):
    known, rows = read_file(path, layout=layout)
    codes = members(known, rows, group, where=path.name)
    return known.name, codes[codes["include"]]


def codes_of(path, group=""):
    return read(path, group)[1]["code"].to_list()


PUBLISHED = {
    "codelist": f"{OURS}\nx,1,snomed,{A},One,asthma,true\n",
    "cluster": (
        "Cluster_ID,Cluster_Description,SNOMED_concept_ID,SNOMED_concept_description,PCD_Refset_ID,"
        f"Service_and_Ruleset,Sensitive_status\nAST_COD,Asthma,{A},One,{LONG},QOF,N\n"
    ),
    "cluster (six columns)": (
        "Cluster_ID,Cluster_Description,SNOMED_code,SNOMED_code_description,PCD_Refset_ID,Service_and_Ruleset\n"
        f"AST_COD,Asthma,{A},One,{LONG},QOF\n"
    ),
    "cluster (spaces and tabs)": (
        "Cluster ID\tCluster Description\tSNOMED concept ID\tSNOMED concept description\tPCD Refset ID\n"
        f"AST_COD\tAsthma\t{A}\tOne\t{LONG}\n"
    ),
    "refset": (
        f"id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\r\nu1\t20250101\t1\t{B}\t{LONG}\t{A}\r\n"
    ),
    "caliber": f"Disease,ICD10code,ICD10codeDescr,Category\nAsthma,{A},One,Diagnosis\n",
    "caliber (plural)": f'"Disease","ICD10codes","ICD10codeDescr","Category"\n"Asthma","{A}","One","Diagnosis"\n',
    "bnf_map": f"dmd_type,dmd_id,dmd_name,bnf_code\nVMP,{A},One,0402030K0AAAIAI\n",
    "bnf_map (two columns)": f"code,bnf_code\n{A},0402030K0AAAIAI\n",
    "bnf_map (of today)": f"code,term,dmd_id,dmd_type,bnf_code\n{A},One,{B},VMP,0402030K0AAAIAI\n",
    "opencodelists": f"code,term\n{A},One\n",
    "opencodelists (category)": f"code,term,category\n{A},One,1\n",
    "opencodelists (id)": f"id,name\n{A},One\n",
    "opencodelists (dm+d)": f"code,term,dmd_id\n{A},One,{A}\n",
    "opencodelists (CTV3)": f"CTV3ID,CTV3PreferredTermDesc\n{A},One\n",
    "opencodelists (semicolons)": f"code;term\n{A};One, or another\n",
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_layout_is_told_by_its_header(written, name):
    layout, codes = read(written(PUBLISHED[name]))
    assert layout == name.split(" ")[0]
    assert codes["code"].to_list() == [A]


def test_every_layout_has_an_example_here():
    assert {name.split(" ")[0] for name in PUBLISHED} == {layout.name for layout in LAYOUTS}


def test_a_byte_order_mark_quotes_and_spaces_change_nothing(written):
    path = written(b'\xef\xbb\xbf"code", "term"\r\n' + f' {A} ,"Asthma, mild"\r\n'.encode() + b"\r\n , \r\n")
    _, codes = read(path)
    assert codes[["code", "term"]].to_numpy().tolist() == [[A, "Asthma, mild"]]


def test_a_reference_set_is_taken_in_its_latest_state(written):
    header = "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\n"
    rows = [
        ("u1", "20250101", "1", A),
        ("u1", "20260101", "0", A),
        ("u2", "20260101", "1", B),
        ("u3", "20240101", "0", LONG),
    ]
    path = written(header + "".join(f"{row}\t{day}\t{active}\tm\tr\t{code}\n" for row, day, active, code in rows))
    assert codes_of(path) == [B]


def test_a_cluster_is_taken_out_of_its_file_and_a_code_used_by_two_services_is_one(written):
    path = written(
        "Cluster_ID,SNOMED_concept_ID,SNOMED_concept_description,Service_and_Ruleset\n"
        f"AST_COD,{A},One,QOF\nAST_COD,{A},One,DES\nDM_COD,{B},Two,QOF\n"
    )
    assert codes_of(path, "AST_COD") == [A]
    assert codes_of(path, "DM_COD") == [B]


def test_terms_of_two_services_do_not_make_a_code_twice(written):
    """The term may differ by release; the code decides."""
    path = written(
        f"Cluster_ID,SNOMED_code,SNOMED_code_description\nAST_COD,{A},One\nAST_COD,{A},One (disorder)\nAST_COD,{B},\n"
    )
    _, codes = read(path)
    assert codes["code"].to_list() == [A, B]
    assert codes["term"].isna().to_list() == [False, True]


@pytest.mark.parametrize(
    ("said", "included"), [("true", True), ("TRUE", True), ("1", True), ("yes", True), ("false", False), ("N", False)]
)
def test_include_is_read_however_it_is_said(written, said, included):
    assert codes_of(written(f"{OURS}\nx,1,snomed,{A},One,asthma,{said}\n")) == ([A] if included else [])


@pytest.mark.parametrize(
    ("text", "group", "says"),
    [
        ("", "", "holds no rows below a header"),
        ("code,term\n", "", "holds no rows below a header"),
        ("colour,shape\nred,round\n", "", "the header is of no known layout"),
        (f"code,term\n{A}\n", "", "1 row with more or fewer cells than the header"),
        (f"code,term\n{A},One,Two\n{A},One,Two\n", "", "2 rows with more or fewer cells"),
        (f'code,term\n{A},"One\n', "", "quotes of the file do not close"),
        (b"code,term\n" + b"1,caf\xe9\n", "", "not UTF-8"),
        ("code,term\n".encode("utf-16"), "", "not UTF-8"),
        (f"code,term\n{A},One\n", "AST_COD", "not divided into any"),
        (PUBLISHED["cluster"], "DM_COD", "the file holds no list DM_COD"),
        (PUBLISHED["cluster"] + f"DM_COD,Diabetes,{B},Two,{LONG},QOF,N\n", "", "the file holds 2 lists"),
        (f"{OURS}\nx,1,snomed,{A},One,asthma,\n", "", "1 row neither true nor false"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_with_the_file(written, text, group, says):
    with pytest.raises(PcnAnalysisError, match=says) as raised:
        read(written(text), group)
    assert str(raised.value).startswith("download.dat")


def test_a_header_of_another_layout_than_the_manifest_says_is_refused(written):
    path = written(PUBLISHED["opencodelists"])
    assert read(path, layout="opencodelists")[0] == "opencodelists"
    with pytest.raises(PcnAnalysisError, match="the header is of no known layout"):
        read(path, layout="cluster")
    with pytest.raises(PcnAnalysisError, match=r"names no layout that is known. Did you mean cluster\?"):
        read(path, layout="clusters")
