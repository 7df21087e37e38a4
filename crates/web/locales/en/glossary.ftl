glossary-title = Glossary
glossary-lead = The words of this site, its rules and its API, in both languages.
glossary-sections = Sections
