"""The journal: every frame that reached us, before anything is done with it."""
