"""The rules: pure values and functions, with no clock, network, environment or randomness."""
