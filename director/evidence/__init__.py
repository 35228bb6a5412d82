"""
The mechanical list of facts: what a text states, and where each of it stands (context, goal, brief, reference, input, follows,
assumed, nowhere).

It cannot see: what is claimed without a number, name, quote, date, address or comparison ("free helmet for all"); a given
number or name that is put to a wrong use where its words fit; what code says but for the options of a command; a name that is
an everyday word at the beginning of a sentence; whether a source is right. What its author proposes (plans, targets, limits,
thresholds) is left out by signals: who words a false claim as an instruction to a colleague may hide its number. English is
what it reads; numbers, currencies and dates also as other countries write them.
"""
