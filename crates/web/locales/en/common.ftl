site-name = Kapok
skip-to-content = Skip to content
nav-main = Main
nav-ask = What can I get
nav-catalogue = Catalogue
nav-about = About
footer-made-up = The companies of the demo city are made up.

error-not-found = There is no such page
error-not-found-text = The address may be mistyped, or the page has moved.
error-gone = This link has ended
error-gone-text = Shared answers are kept for a time only, and this one has been deleted.
error-bad = This cannot be processed
error-too-large = Too large
error-too-large-text = A file may have 8 MB at most. Make it smaller and upload it again. Nothing that you entered before was lost.
error-internal = Something went wrong
error-internal-text = This is not your fault. Nothing that you entered was lost; please try again in a while.
error-home = Back to the start
