"""Fair prices: one protocol, model families, and the priors they start from."""
