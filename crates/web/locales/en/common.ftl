site-name = Kapok
skip-to-content = Skip to content
nav-main = Main
nav-ask = What can I get
nav-catalogue = Catalogue
nav-about = About
footer-made-up = The companies of the demo city are made up.
nav-more = More
search-site = Search the site
search-label = Search for a company name, a social credit code, or what you want to do
search-short = Search
search-go = Search
feed-changes = Policy changes
footer-method = How it works
footer-glossary = Glossary
footer-changes = Policy changes
footer-api = API
footer-design = Design system
footer-advice = Answers are for guidance; what the authority decides counts.
theme-label = Appearance
theme-auto = As the device
theme-light = Light
theme-dark = Dark

days-left = { $n ->
    [one] { $n } day left
   *[other] { $n } days left
}
days-left-today = today is the last day
days-left-over = closed

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
