"""The web application and the command line around ``landscapes``.

Formulas of landscapes, optimizers and clips live in that library, and the page's scripts in ``static``.
"""
