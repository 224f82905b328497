"""Everything that touches the outside: venues, the journal, the archive."""
