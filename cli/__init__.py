"""The `fairline` command, one file a verb."""
