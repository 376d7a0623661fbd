"""Corpus -> passages -> lexical and dense indexes, stored together and checked at load."""
