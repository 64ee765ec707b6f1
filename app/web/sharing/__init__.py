"""What a link says about the page, and how others reach the page: presentations, addresses and QR codes."""
