"""How good a model is: figures, protocols, the threshold of "undecided", the figures in the cards."""
