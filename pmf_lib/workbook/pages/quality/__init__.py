"""Pieces of page 1: can these figures be relied on?"""
