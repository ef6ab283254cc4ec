"""Numbers in, numbers out: rates and their limits, standardisation, inequality, funnels, control charts."""
