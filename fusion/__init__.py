"""The rules: pure values and functions that know no socket, file, clock or engine."""
