"""The Excel working paper: sheets of the tables, sums and checks as live formulas beside our figures."""
