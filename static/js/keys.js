/* Keys and passkeys. A form with data-key says whether to create one or get its answer, and
   sends it on; what is asked of the key stands in the page (data-options), or is fetched. */
'use strict';
{
    const optionsOf = async (form) => {
        if (form.dataset.options) {
            return JSON.parse(document.getElementById(form.dataset.options).textContent);
        }
        const answer = await fetch(form.action, {headers: {Accept: 'application/json'}});
        if (!answer.ok) {
            throw new Error(answer.statusText);
        }
        return answer.json();
    };

    const create = (form, options) => {
        const alone = form.elements.passwordless.checked;
        const wish = options.creation_options.publicKey.authenticatorSelection;
        wish.residentKey = alone ? 'required' : 'discouraged';
        wish.requireResidentKey = alone;
        if (alone) {
            wish.userVerification = 'required';
        }
        return webauthnJSON.create(options.creation_options);
    };

    const get = (form, options) => webauthnJSON.get(options.request_options);

    const ask = async (form) => {
        const failed = form.querySelector('[data-failed]');
        failed.hidden = true;
        try {
            const way = form.dataset.key === 'create' ? create : get;
            form.elements.credential.value = JSON.stringify(await way(form, await optionsOf(form)));
        } catch {
            // Whoever cancels, waits too long or has no key is told so; there is nothing to log.
            failed.hidden = false;
            return;
        }
        form.submit();
    };

    for (const form of document.querySelectorAll('form[data-key]')) {
        if (webauthnJSON.supported()) {
            form.querySelector('button[type=submit]').hidden = false;
            form.addEventListener('submit', (event) => {
                event.preventDefault();
                ask(form);
            });
        }
    }
}
