"""Pieces of page 2: how do the measures stand?"""
