/* Names the search boxes that select2 draws over a list: it gives them none of its own. */
'use strict';
{
    const nameOf = (select) => {
        const label = select.labels && select.labels[0];
        return select.getAttribute('aria-label') || (label ? label.textContent.trim().replace(/:$/, '') : select.name);
    };

    const nameBoxes = (select, drawn) => {
        for (const box of drawn.querySelectorAll('[role=combobox], input')) {
            box.setAttribute('aria-label', nameOf(select));
            box.removeAttribute('aria-labelledby');
        }
        const chosen = drawn.querySelector('[role=textbox]');
        if (chosen) {
            // Inside the box it is the value, not a second box.
            chosen.removeAttribute('role');
            chosen.removeAttribute('aria-readonly');
            drawn.querySelector('[role=combobox]').setAttribute('aria-describedby', chosen.id);
        }
    };

    const nameAll = () => {
        for (const drawn of document.querySelectorAll('select.admin-autocomplete + .select2')) {
            nameBoxes(drawn.previousElementSibling, drawn);
        }
        const open = document.querySelector('.select2-container--open');
        const select = open && open.previousElementSibling;
        if (select && select.matches('select')) {
            for (const part of document.querySelectorAll('.select2-dropdown input, .select2-results__options')) {
                part.setAttribute('aria-label', nameOf(select));
            }
        }
    };

    let planned = false;
    const plan = () => {
        if (!planned) {
            planned = true;
            setTimeout(() => {
                planned = false;
                nameAll();
            }, 0);
        }
    };
    plan();
    new MutationObserver(plan).observe(document.body, {childList: true, subtree: true});
}
