"""Polymarket: order books over WebSocket and REST, and the listing of markets."""
