"""
Pure: stored facts → what Claude is shown, and what Claude wrote → its forms and pieces.

The texts are files in `texts/`; the same facts give the same bytes.
"""
