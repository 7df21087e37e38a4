// The charts of /catalogue/overview, from the data beside its tables. Without scripts the tables remain. The library is
// large, so that the page comes first: only when it is ready and a chart is near the view is the library fetched, and
// each chart is drawn by itself when it comes near.
(() => {
  const library = document.currentScript.dataset.library;
  const data = JSON.parse(document.getElementById("overview-data").textContent);
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const narrow = () => innerWidth < 640;
  const shorten = (text) => (narrow() && text.length > 12 ? `${text.slice(0, 11)}…` : text);
  const charts = [];

  const common = () => {
    const ink = token("--ink"), line = token("--line"), soft = token("--ink-2");
    return {
      animation: !still,
      textStyle: { fontFamily: token("--sans"), color: ink },
      // text that is drawn, since the content policy allows no styles in markup
      tooltip: { renderMode: "richText", confine: true, backgroundColor: token("--surface"), borderColor: line, textStyle: { color: ink } },
      legend: { top: 0, textStyle: { color: ink } },
      grid: { left: 8, right: 24, top: 40, bottom: 8, containLabel: true },
      value: { axisLabel: { color: soft }, splitLine: { lineStyle: { color: line } } },
      names: (rows) => ({
        type: "category", inverse: true, data: rows.map((row) => row.name), triggerEvent: true,
        axisLine: { lineStyle: { color: line } }, axisTick: { show: false },
        axisLabel: { color: ink, width: narrow() ? 120 : 260, overflow: "truncate", formatter: shorten },
      }),
    };
  };
  // from the country down, told apart by lightness too
  const levels = () => [token("--accent"), token("--person"), token("--money"), token("--warn"), token("--edge")];

  const topics = () => {
    const { names, value, ...base } = common();
    const used = data.levels.map((_, index) => data.topics.some((topic) => topic.counts[index] > 0));
    return {
      ...base, color: levels(),
      tooltip: { ...base.tooltip, trigger: "axis", axisPointer: { type: "shadow" } },
      xAxis: { type: "value", minInterval: 1, ...value }, yAxis: names(data.topics),
      series: data.levels.flatMap((level, index) => used[index]
        ? [{ name: level, type: "bar", stack: "all", itemStyle: { color: levels()[index], borderColor: token("--paper"), borderWidth: 1 }, data: data.topics.map((topic) => topic.counts[index]) }]
        : []),
    };
  };
  const windows = () => {
    const { names, value, legend, ...base } = common();
    const month = (day) => data.months.find((one) => one.from === day)?.name ?? "";
    return {
      ...base,
      grid: { ...base.grid, top: 24 },
      tooltip: { ...base.tooltip, trigger: "item", formatter: ({ dataIndex }) => `${data.windows[dataIndex].name}\n${data.windows[dataIndex].dates}` },
      xAxis: { type: "value", min: 0, max: 366, ...value, axisLabel: { ...value.axisLabel, formatter: month, customValues: data.months.map((one) => one.from) }, axisTick: { customValues: data.months.map((one) => one.from) }, splitLine: { show: false } },
      yAxis: names(data.windows),
      series: [
        { type: "bar", stack: "window", silent: true, itemStyle: { color: "transparent" }, data: data.windows.map((one) => one.from), tooltip: { show: false } },
        { type: "bar", stack: "window", barMaxWidth: 22, itemStyle: { color: token("--money") }, data: data.windows.map((one) => one.days),
          markLine: { symbol: "none", silent: true, label: { show: false }, lineStyle: { color: token("--accent"), type: "solid", width: 2 }, data: [{ xAxis: data.today }] } },
      ],
    };
  };
  const largest = () => {
    const { names, value, legend, ...base } = common();
    const chinese = document.documentElement.lang.startsWith("zh");
    const short = (yuan) => chinese
      ? (yuan >= 1e8 ? `${yuan / 1e8}亿` : `${yuan / 1e4}万`)
      : (yuan >= 1e6 ? `${yuan / 1e6}M` : `${yuan / 1e3}k`);
    return {
      ...base,
      grid: { ...base.grid, top: 8 },
      tooltip: { ...base.tooltip, trigger: "item", formatter: ({ dataIndex }) => `${data.largest[dataIndex].name}\n${data.largest[dataIndex].text}` },
      xAxis: { type: "log", min: 100000, ...value, axisLabel: { ...value.axisLabel, formatter: short } }, yAxis: names(data.largest),
      series: [{ type: "bar", itemStyle: { color: token("--money") }, data: data.largest.map((one) => one.amount) }],
    };
  };

  const kinds = { topics: [topics, data.topics], windows: [windows, data.windows], largest: [largest, data.largest] };
  const draw = (place) => {
    const [option, rows] = kinds[place.dataset.chart];
    const chart = window.echarts.init(place, null, { renderer: "canvas" });
    chart.setOption(option());
    chart.on("click", ({ dataIndex, componentType, value }) => {
      const row = componentType === "yAxis" ? rows.find((one) => one.name === value) : rows[dataIndex];
      if (row) location.href = row.href;
    });
    charts.push([chart, option]);
    // the figures are drawn now; the table stays one press away, or open where it may be read already, so that nothing jumps
    const table = place.parentElement.querySelector("[data-table]");
    if (table.getBoundingClientRect().top > innerHeight) table.open = false;
  };

  const idle = () => new Promise((done) => (window.requestIdleCallback ?? setTimeout)(done));
  let fetched;
  const fetchLibrary = () => (fetched ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    Object.assign(script, { src: library, onload: done, onerror: failed });
    document.head.append(script);
  }));
  const near = new IntersectionObserver((seen) => {
    for (const { target } of seen.filter((one) => one.isIntersecting)) {
      near.unobserve(target);
      fetchLibrary().then(idle).then(() => draw(target), () => { target.hidden = true; });
    }
  }, { rootMargin: "50% 0px" });
  const places = [...document.querySelectorAll("[data-chart]")].filter((place) => kinds[place.dataset.chart][1].length > 0);
  for (const place of places) {
    // the room that the chart will take; the page is painted after this, so that nothing jumps
    place.style.height = `${Math.max(160, kinds[place.dataset.chart][1].length * 28 + 72)}px`;
    place.hidden = false;
  }
  addEventListener("load", () => idle().then(() => places.forEach((place) => near.observe(place))));

  const redraw = () => charts.forEach(([chart, option]) => { chart.resize(); chart.setOption(option(), true); });
  let waiting;
  addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(redraw, 150); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTimeout(redraw, 50));
  // before printing the tables are opened, so that figures can be read on paper
  addEventListener("beforeprint", () => document.querySelectorAll("[data-table]").forEach((table) => { table.open = true; }));
})();
