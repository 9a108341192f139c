"""Documents with known truth: `make_truth` invents one, the writers print it, `damage` spoils it."""
