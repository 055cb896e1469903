"""Pieces of pages 3 and 7: is the framework lived?"""
