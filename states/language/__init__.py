"""Expression + JSON -> JSON: paths, intrinsic functions, payload templates, comparisons. Pure, and knows nothing of states."""
