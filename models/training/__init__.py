"""Training: past games into columns, columns into coefficients."""
