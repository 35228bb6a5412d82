"""Pure: stored facts in, what Claude is shown out. The texts are files in `texts/`; the same facts give the same bytes."""
