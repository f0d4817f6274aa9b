"""Mutation testing of the rules and of the authorisation code: which small faults would no test notice?"""
