"""Gather, decide, commit: what the product does, written against ports."""
