"""The relay: stream records in, publish mutations out."""
