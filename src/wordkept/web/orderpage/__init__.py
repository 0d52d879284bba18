"""Orderpage: the open orders of one partner that has no software, as one page that takes its answers."""
