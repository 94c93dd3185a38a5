/* Finding rows of the pairs by a word. Without this script the field is not there. */
for (const find of document.querySelectorAll('.find')) {
  const table = find.parentElement.querySelector('.pairs');
  const field = find.querySelector('input');
  const told = find.querySelector('[role=status]');
  const rows = [...table.querySelectorAll('tbody tr:not(.sub)')]
    .map((row) => [row, row.textContent.toLowerCase()]);
  const show = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let met = 0;
    for (const [row, text] of rows) {
      const isMet = words.every((word) => text.includes(word));
      row.classList.toggle('missed', !isMet);
      met += isMet;
    }
    for (const group of table.tBodies) {
      group.classList.toggle('missed', !group.querySelector('tr:not(.sub):not(.missed)'));
    }
    told.textContent = words.length ? `${met} / ${rows.length}` : '';
  };
  find.hidden = false;
  field.addEventListener('input', show);
  /* a link may lead to a row that is hidden */
  addEventListener('hashchange', () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target?.closest('.missed')) {
      field.value = '';
      show();
      target.scrollIntoView();
    }
  });
}
