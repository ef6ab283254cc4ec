"""Invented places, for building, testing and teaching; labelled synthetic wherever they show."""
