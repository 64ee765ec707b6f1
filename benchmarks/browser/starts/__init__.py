"""How the page starts: the server, the navigation, freshly opened links, and the return of a server."""
