"""ESPN scoreboards: schema, parser and poller."""
