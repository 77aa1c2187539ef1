'use strict';
// The connection's settings: the gateway's address for good, the key until the tab is closed.

function remembered(storage, name) {
  try { return window[storage].getItem(name) ?? ''; } catch { return ''; }
}

function remember(storage, name, value) {
  try {
    if (value) window[storage].setItem(name, value);
    else window[storage].removeItem(name);
  } catch { /* A page opened from disk may have no storage. */ }
}

/** What was typed as an address: a scheme may be left out. */
function addressFrom(text) {
  const address = text.trim().replace(/\/+$/, '');
  return address && !/^https?:\/\//i.test(address) ? `http://${address}` : address;
}

/** Fills the form with what was set before, and calls `apply` now and at every change. */
function connect(apply) {
  const address = document.getElementById('address');
  const key = document.getElementById('key');
  const sheet = document.getElementById('connection');
  const changed = () => {
    gateway.address = addressFrom(address.value) || gateway.ownAddress;
    gateway.key = key.value.trim();
    remember('localStorage', 'tollgate.address', gateway.address === gateway.ownAddress ? '' : gateway.address);
    remember('sessionStorage', 'tollgate.key', gateway.key);
    apply();
  };
  address.value = remembered('localStorage', 'tollgate.address') || gateway.ownAddress;
  key.value = remembered('sessionStorage', 'tollgate.key');
  address.addEventListener('change', changed);
  key.addEventListener('change', changed);
  document.getElementById('settings').addEventListener('submit', (event) => {
    event.preventDefault();
    sheet.open = false;
    changed();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && sheet.open) {
      sheet.open = false;
      sheet.querySelector('summary').focus();
    }
  });
  changed();
}
