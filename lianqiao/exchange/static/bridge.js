(() => {
'use strict';
const the = (root, selector) => root.querySelector(selector);
const all = (root, selector) => [...root.querySelectorAll(selector)];
const draw = (parent, tag, attributes, text = '') => {
  const element = set(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes);
  element.textContent = text;
  parent.append(element);
};
const make = (parent, tag, name, ...content) => {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...content);
  parent.append(element);
  return element;
};
const cloned = (root, selector) => root ? all(root, selector).map(e => e.cloneNode(true)) : [];
const copies = element => [...element.cloneNode(true).childNodes];
const written = text => /[\u3400-\u9fff]/.test(text) ? 'zh-Hans' : 'en';
const set = (element, attributes) => {
  for (const name in attributes) element.setAttribute(name, attributes[name]);
  return element;
};
const said = element => element.textContent.replace(/\s+/g, ' ').trim();
const curve = (y1, y2) => `M0 ${y1}C460 ${y1} 540 ${y2} 1000 ${y2}`;

function picture(fig) {
  const one = selector => the(fig, selector);
  const [pic, left, right, panel, sel] =
    ['.bp', '.bp-left', '.bp-right', '.bp-panel', '.bp-sel'].map(one);
  const [cands, nums, signs, live, pill, hint, sort] =
    ['.bp-cands', '.bp-nums', '.bp-signs', '.bp-live', '.bp-pill', '.bp-hint', '.bp-sort'].map(one);
  const prefix = one('input').id.replace('as-picture', 'bp-');
  const height = left.viewBox.baseVal.height;
  const share = y => `${(y / height * 100).toFixed(2)}%`;
  const marks = all(left, '[data-n]');
  const rows = all(right, '.bp-i');
  const paths = all(fig, '.bp-river path');
  const markOf = {}, rowOf = {}, needs = {}, offers = {};
  const put = (table, keys, element) => keys.split(' ').forEach(key => { table[key] = element; });
  marks.forEach(mark => { mark.at = +mark.getAttribute('cy'); put(markOf, mark.dataset.n, mark); });
  const place = row => {
    const top = row.transform.baseVal[0].matrix.f;
    row.at = top + row.dataset.h / 2;
  };
  rows.forEach(row => { place(row); put(rowOf, row.dataset.o, row); });
  all(fig, 'tr[data-n]').forEach(row => { needs[row.dataset.n] = row; });
  all(fig, 'tr[data-o]').forEach(row => { offers[row.dataset.o] = row; });
  let chosen = null;

  /* what the page is without a script becomes two lists that a keyboard can walk */
  function name(option) {
    const {n, o, label} = option.dataset;
    if (o) return said(the(option, 'title'));
    if (label) return `${option.parentNode.ariaLabel}, ${label}`;
    return ['.ttl', '.org', '.bp-who'].map(part => said(the(needs[n], part))).join(', ');
  }
  function walkable(svg, options, label) {
    const bank = the(svg, '.bp-bank');
    set(bank, {role: 'listbox', 'aria-label': label});
    all(bank, '.bp-g').forEach(group => set(group, {role: 'group', lang: written(group.ariaLabel)}));
    all(bank, 'text').forEach(text => set(text, {'aria-hidden': true}));
    options.forEach(option => {
      const label = name(option);
      set(option, {role: 'option', 'aria-label': label, lang: written(label)});
      set(option, {'aria-selected': false, tabindex: -1});
    });
  }
  walkable(left, marks, fig.dataset.needs);
  walkable(right, rows, fig.dataset.offers);
  set(pic, {role: 'group'});
  fig.classList.add('bp-live-on');
  panel.hidden = sort.hidden = false;
  let stop = marks[0] || rows[0];
  set(stop, {tabindex: 0});

  function go(option) {
    set(stop, {tabindex: -1});
    stop = set(option, {tabindex: 0});
    stop.focus({preventScroll: true});
    const box = stop.getBoundingClientRect();
    if (box.top < 0 || box.bottom > innerHeight || box.left < 0 || box.right > innerWidth)
      stop.scrollIntoView({block: 'center', inline: 'center'});
  }

  /* selecting */
  function show(where, text, y, atEnd) {
    where.hidden = !text;
    where.textContent = text;
    where.lang = written(text);
    where.classList.toggle('end', !!atEnd);
    where.style.insetBlockStart = share(y);
  }
  function light(numbers, key) {
    paths.forEach(path => path.classList.toggle('on', numbers.includes(path.dataset[key])));
    all(signs, 'use').forEach(sign => {
      sign.classList.toggle('on', key === 'n' && numbers.includes(sign.dataset.n));
    });
  }
  function clear(quietly) {
    all(fig, '.on').forEach(element => { if (!element.closest('table')) element.classList.remove('on'); });
    all(fig, '.bp-lit').forEach(row => row.classList.remove('bp-lit'));
    [cands, nums, sel].forEach(element => element.replaceChildren());
    pill.hidden = true;
    fig.classList.remove('bp-has');
    if (chosen) set(chosen, {'aria-selected': false});
    if (chosen && !quietly) live.textContent = fig.dataset.cleared;
    chosen = null;
  }
  function open(option, title, where) {
    clear(true);
    chosen = option;
    option.classList.add('on');
    set(option, {'aria-selected': true});
    fig.classList.add('bp-has');
    const line = make(sel, 'div', 'bp-where', ...where);
    press(line, [fig.dataset.clear], () => { clear(); go(option); });
    const heading = make(sel, 'h3', '', ...title);
    heading.lang = written(said(heading));
    panel.scrollTop = 0;
  }
  function press(line, content, act) {
    const button = make(line, 'button', 'bp-btn', ...content);
    button.type = 'button';
    button.onclick = act;
  }
  function number(scores, row, value) {
    row.classList.add('bp-lit');
    if (value) scores.set(row, [...(scores.get(row) || []), value]);
  }
  function candidate(key, item) {
    const {o, s, b} = item.dataset;
    const from = markOf[key].at, row = rowOf[o];
    const isDrawn = paths.some(({dataset}) => dataset.n === key && dataset.o === o);
    if (isDrawn || !s && !b) return;
    draw(cands, 'path', {d: curve(from, row.at), class: `s-${s || 'fair'}${b ? ' off' : ''}`});
    if (b) draw(nums, 'use', {href: `#${prefix}${b}`, x: '50%', y: share((from + row.at) / 2)});
  }
  function pickNeed(key) {
    const row = needs[key], mark = markOf[key];
    const where = make(sel, 'span', '', ...copies(the(row, '.org')));
    open(mark, copies(the(row, '.ttl')), [where]);
    light([key], 'n');
    const scores = new Map();
    sel.append(...copies(the(row, '.bp-said')));
    all(sel, 'li[data-o]').forEach(item => {
      if (!item.matches('.bp-on')) candidate(key, item);
      if (item.dataset.s || item.dataset.b || item.matches('.bp-on')) number(scores, rowOf[item.dataset.o], item.dataset.v);
    });
    scores.forEach((values, at) => {
      draw(nums, 'text', {x: '100%', dx: -6, y: share(at.at), dy: -3}, values.join(' · '));
    });
    show(pill, said(the(row, '.ttl')), mark.at);
    live.textContent = `${name(mark)}. ${said(the(row, 'summary'))}`;
  }
  function need(list, key, item) {
    const line = make(list, 'li', '');
    press(line, copies(the(needs[key], '.ttl')), () => { pickNeed(key); go(markOf[key]); });
    const where = make(line, 'span', 'bp-of');
    make(where, 'span', '', ...copies(the(needs[key], '.org')));
    where.append(...cloned(item, '.bp-fit'));
    line.append(...cloned(item, '.bp-state'));
  }
  function listed(title, found) {
    if (!found.length) return;
    make(sel, 'p', 'bp-cap', title);
    const list = make(sel, 'ul', 'bp-list');
    found.forEach(([key, item]) => need(list, key, item));
  }
  function pickRow(row) {
    open(row, [name(row)], []);
    const keys = row.dataset.o.split(' ');
    light(keys, 'o');
    keys.slice(0, 60).forEach(key => {
      make(sel, 'p', 'bp-offer', ...cloned(offers[key], 'th .ttl'));
      const found = all(fig, `.bp-said li[data-o="${key}"]`).filter(item => !sel.contains(item))
        .map(item => [item.closest('tr').dataset.n, item]);
      const pairs = found.filter(([, item]) => item.matches('.bp-on'));
      if (!pairs.length) make(sel, 'p', 'bp-open', ...copies(the(offers[key], 'td')));
      listed(fig.dataset.pairs, pairs);
      const near = found.filter(([, item]) => item.dataset.s);
      near.forEach(([need, item]) => candidate(need, item));
      listed(fig.dataset.also, near);
    });
    live.textContent = `${name(row)}. ${all(sel, '.bp-offer').map(said).join('; ')}`;
  }
  function pick(option) {
    if (option.dataset.o) return pickRow(option);
    const numbers = option.dataset.n.split(' ');
    if (!option.dataset.label) return pickNeed(numbers[0]);
    open(option, [name(option)], []);
    light(numbers, 'n');
    listed(fig.dataset.needs, numbers.map(key => [key, the(needs[key], '.bp-on')]));
    live.textContent = name(option);
    return undefined;
  }

  /* pointing: the nearest mark, since a mark is smaller than a finger */
  function nearest(event) {
    const bank = event.currentTarget, box = bank.getBoundingClientRect();
    const scale = height / box.height;
    const y = (event.clientY - box.top) * scale, x = (event.clientX - box.left) * scale;
    let best = null, least = 14;
    (bank === left ? marks : rows).forEach(option => {
      const aside = bank === left && x > 225 ? Math.abs(option.cx.baseVal.value - x) / 4 : 0;
      const far = Math.abs(option.at - y) + aside;
      if (far < least) [best, least] = [option, far];
    });
    return best;
  }
  function point(option) {
    all(pic, '.hot').forEach(element => element.classList.remove('hot'));
    hint.hidden = true;
    if (!option) return;
    option.classList.add('hot');
    const isNeed = !option.dataset.o;
    const keys = (option.dataset.n || option.dataset.o).split(' ');
    paths.forEach(path => path.classList.toggle('hot', keys.includes(path.dataset[isNeed ? 'n' : 'o'])));
    if (option === chosen) return;
    const title = isNeed && !option.dataset.label ? said(needs[keys[0]].querySelector('.ttl')) : name(option);
    show(hint, title, option.at, !isNeed);
  }
  [left, right].forEach(bank => {
    bank.addEventListener('pointermove', event => point(nearest(event)));
    bank.addEventListener('pointerleave', () => point(null));
    bank.addEventListener('click', event => {
      const option = nearest(event);
      if (!option) return clear();
      go(option);
      pick(option);
      return point(null);
    });
  });
  pic.addEventListener('focusin', event => {
    if (event.target.matches('[role=option]:focus-visible')) point(event.target);
  });
  pic.addEventListener('focusout', () => point(null));

  /* keys */
  function across(option) {
    const isNeed = !option.dataset.o;
    const keys = (option.dataset.n || option.dataset.o).split(' ');
    const path = paths.find(each => keys.includes(each.dataset[isNeed ? 'n' : 'o']));
    if (path) return isNeed ? rowOf[path.dataset.o] : markOf[path.dataset.n];
    return (isNeed ? rows : marks).reduce((best, each) =>
      !best || Math.abs(each.at - option.at) < Math.abs(best.at - option.at) ? each : best, null);
  }
  function target(key) {
    const isNeed = !stop.dataset.o;
    const bank = isNeed ? marks : [...rows].sort((a, b) => a.at - b.at);
    const at = bank.indexOf(stop);
    switch (key) {
      case 'ArrowDown': return bank[at + 1];
      case 'ArrowUp': return bank[at - 1];
      case 'Home': return bank[0];
      case 'End': return bank[bank.length - 1];
      case 'ArrowLeft': case 'ArrowRight': return (key === 'ArrowRight') === isNeed ? across(stop) : null;
      default: return undefined;
    }
  }
  pic.addEventListener('keydown', event => {
    const {key} = event;
    if (event.altKey || event.ctrlKey || event.metaKey || event.target !== stop) return;
    const chooses = key === 'Enter' || key === ' ', option = target(key);
    if (option) go(option);
    if (chooses) pick(stop);
    if (chooses || option !== undefined) event.preventDefault();
  });
  fig.addEventListener('keydown', event => { if (event.key === 'Escape' && chosen) clear(); });
  all(panel, '.bp-starts a').forEach(link => link.addEventListener('click', event => {
    event.preventDefault();
    go(markOf[link.dataset.n]);
    pickNeed(link.dataset.n);
  }));

  /* the other order of the institutions */
  const drawn = [...rows];
  const named = [...rows].sort((a, b) => name(a).localeCompare(name(b), 'zh-Hans'));
  rows.forEach(row => { row.first = [row.at, row.getAttribute('transform')]; });
  paths.forEach(path => { path.first = path.getAttribute('d'); });
  function arrange(order) {
    let top = drawn[0] ? drawn[0].first[0] - drawn[0].dataset.h / 2 : 0;
    order.forEach(row => {
      set(row, {transform: order === drawn ? row.first[1] : `translate(0 ${top})`});
      top += +row.dataset.h;
      place(row);
    });
    paths.forEach(path => {
      const row = rowOf[path.dataset.o];
      const [here, there] = path.first.match(/^M0 ([\d.]+)C.* ([\d.]+)$/).slice(1);
      set(path, {d: order === drawn ? path.first : curve(here, +there + row.at - row.first[0])});
    });
    all(signs, 'use').forEach(sign => {
      const {n, o} = sign.dataset;
      sign.place ||= ['x', 'y'].map(name => sign.getAttribute(name));
      const place = order === drawn ? sign.place : ['50%', share((markOf[n].at + rowOf[o].at) / 2)];
      set(sign, {x: place[0], y: place[1]});
    });
  }
  sort.onclick = () => {
    const byName = sort.getAttribute('aria-pressed') !== 'true';
    set(sort, {'aria-pressed': byName});
    arrange(byName ? named : drawn);
    if (chosen) pick(chosen);
  };
  const isWide = matchMedia('(min-width:960px)').matches;
  if (!one('input:checked')) one(isWide ? '.bp-as-picture' : '.bp-as-table').checked = true;
}

/* a phone reads the table by sub-district: each opens when asked for */
function fold(head, body, name) {
  const button = set(make(head, 'button', 'bp-fold', ...name), {'aria-expanded': false});
  button.type = 'button';
  body.classList.add('bp-folded');
  button.onclick = () => {
    set(button, {'aria-expanded': !body.classList.toggle('bp-folded')});
  };
}
const isPhone = matchMedia('(max-width:700px)');
function folds() {
  if (!isPhone.matches || the(document, '.bp-fold')) return;
  all(document, '.bp-needs .sub th').forEach(head => {
    const name = [...head.childNodes];
    fold(head, head.closest('tbody'), name);
  });
  all(document, '.bp-offers').forEach(table => {
    const head = document.createElement('p');
    head.className = 'bp-fold-all';
    table.before(head);
    fold(head, table, [said(table.caption)]);
  });
}
folds();
isPhone.addEventListener('change', folds);
document.querySelectorAll('.bp-fig').forEach(picture);
})();
