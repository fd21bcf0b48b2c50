"""What people look at: the words, the figures, the diagrams and the one-file HTML report. The only package that
imports matplotlib.
"""
