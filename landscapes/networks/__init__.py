"""Recurrent nets as losses over one flat vector of parameters, lanes first."""
