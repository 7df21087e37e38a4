// Links that hold facts after “#”: what stands there is never part of an address that a server sees. Here it is put into
// a form and sent to be shown; nothing is kept before the visitor says so.
(() => {
  const form = document.getElementById("import-facts");
  const open = () => {
    const held = /^#f=(.+)$/.exec(location.hash);
    if (!form || !held) return;
    form.elements.f.value = held[1];
    // the facts do not stay in the address bar and the history
    history.replaceState(null, "", location.pathname + location.search);
    form.submit();
  };
  addEventListener("hashchange", open);
  open();

  for (const button of document.querySelectorAll("button[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      await navigator.clipboard.writeText(field.value);
      field.select();
      button.textContent = button.dataset.done;
    });
  }

  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
})();
