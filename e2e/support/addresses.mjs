// Every page of the site, in one place. A new page is added here, and with it to all checks that hold for every page.

/** A measure page for each kind of benefit, and for each form of a rule that is shown in its own way. */
export const MEASURES = {
  vouchers: "sz.training-voucher",
  demand: "sz.training-voucher.demand-2026",
  status: "sz.kunpeng.pool",
  nominations: "cn.miit-challenge.hunan-quota",
  deduction: "cn.rd-super-deduction",
  rent: "sz-nanshan.moliying.post-rent-discount",
  months: "sz-nanshan.moliying.tenant-rent-free",
  days: "sz.graduate-lodging",
  cardhours: "wh.opc.free-compute",
  draft: "bj-shijingshan.llm-draft.compute",
  versions: "sz-nanshan.rd-support",
};

/**
 * The pages. `needs` says what a visitor has before: `facts` (those of the demo start-up), `share` (a saved answer; its address
 * is put for NAME) or `company` (one of the registry; its code is put for USCC). `status` is 200 where none is given.
 */
export const PAGES = [
  { name: "home", path: "/" },
  { name: "home-known", path: "/", needs: "facts" },
  { name: "search", path: "/search?q=算力" },
  { name: "search-company", path: "/search?q=智能" },
  { name: "search-nothing", path: "/search?q=qqqqqq" },
  { name: "ask", path: "/ask" },
  { name: "ask-begin", path: "/ask/start" },
  { name: "ask-half", path: "/ask", needs: "facts" },
  { name: "ask-answers", path: "/ask/answers", needs: "facts" },
  { name: "ask-answers-none", path: "/ask/answers" },
  { name: "answer-none", path: "/answer" },
  { name: "answer", path: "/answer", needs: "facts" },
  { name: "answer-print", path: "/answer/print", needs: "facts" },
  { name: "answer-share", path: "/answer/share", needs: "facts" },
  { name: "answer-reasons", path: `/answer/measures/${MEASURES.demand}`, needs: "facts" },
  { name: "answer-reasons-not", path: `/answer/measures/${MEASURES.deduction}`, needs: "facts" },
  { name: "shared", path: "/s/NAME", needs: "share" },
  { name: "catalogue", path: "/catalogue" },
  { name: "catalogue-found", path: "/catalogue?q=租算力" },
  { name: "catalogue-nothing", path: "/catalogue?q=qqqqqq" },
  ...Object.entries(MEASURES).map(([kind, id]) => ({ name: `measure-${kind}`, path: `/catalogue/${id}` })),
  { name: "measure-known", path: `/catalogue/${MEASURES.demand}`, needs: "facts" },
  { name: "versions", path: `/catalogue/${MEASURES.versions}/versions` },
  { name: "changes", path: "/catalogue/changes" },
  { name: "overview", path: "/catalogue/overview" },
  { name: "company", path: "/companies/USCC", needs: "company" },
  { name: "about", path: "/about" },
  { name: "glossary", path: "/glossary" },
  { name: "design", path: "/design" },
  { name: "api", path: "/api" },
  { name: "not-found", path: "/nothing-here", status: 404 },
  { name: "no-such-measure", path: "/catalogue/no.such.measure", status: 404 },
  { name: "no-such-company", path: "/companies/91440300MAXDEM0135", status: 404 },
  { name: "no-such-code", path: "/companies/91440300MAXDEM0136", status: 400 },
];
