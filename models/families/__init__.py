"""The families of formulas that price games in play, one file each."""
