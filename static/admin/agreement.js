/* Opens the section that the address names, and marks it in the bar of sections. */
'use strict';
{
    const links = document.querySelectorAll('.sections a');

    const show = () => {
        const target = document.querySelector(':target');
        for (const link of links) {
            if (target && link.hash === location.hash) {
                link.setAttribute('aria-current', 'true');
            } else {
                link.removeAttribute('aria-current');
            }
        }
        const part = target && (target.closest('details') || target.querySelector('details'));
        if (part && !part.open) {
            part.open = true;
            target.scrollIntoView();
        }
    };

    // A link to where one is already changes no address.
    for (const link of links) {
        link.addEventListener('click', () => setTimeout(show, 0));
    }
    window.addEventListener('hashchange', show);
    window.addEventListener('load', show);
}
