"""The page of its own: one HTML file that shows one landscape, computes everything itself and needs no server.

The file has the page's own modules and styles, and the kernels of the Scene's landscape, optimizer and clip. Only what
requests something from a server is replaced: ``static/js/page_file.js`` connects the views instead of ``main.js``.
"""
