// What a script adds to a map: going closer, moving about, and showing what a row stands for.
// Without it the map and its tables say the same.
{
    const whole = (svg) => {
        const {x, y, width, height} = svg.viewBox.baseVal;
        return {x, y, width, height};
    };

    const within = (view, world) => {
        const width = Math.min(Math.max(view.width, world.width / 24), world.width);
        const height = (width * world.height) / world.width;
        const x = Math.min(Math.max(view.x, world.x), world.x + world.width - width);
        const y = Math.min(Math.max(view.y, world.y), world.y + world.height - height);
        return {x, y, width, height};
    };

    const zoomed = (view, by) => ({
        x: view.x + (view.width * (1 - by)) / 2,
        y: view.y + (view.height * (1 - by)) / 2,
        width: view.width * by,
    });

    const moved = (view, across, down) => ({
        ...view,
        x: view.x + view.width * across,
        y: view.y + view.height * down,
    });

    const TOOLS = [
        ['in', '+', (view) => zoomed(view, 0.6)],
        ['out', '−', (view) => zoomed(view, 1 / 0.6)],
        ['west', '←', (view) => moved(view, -0.3, 0)],
        ['east', '→', (view) => moved(view, 0.3, 0)],
        ['north', '↑', (view) => moved(view, 0, -0.3)],
        ['south', '↓', (view) => moved(view, 0, 0.3)],
        ['all', '○', (view, world) => world],
    ];

    const hold = (svg, now, show) => {
        let last = null;
        svg.addEventListener('pointerdown', (event) => {
            if (svg.classList.contains('held') && event.button === 0) last = event;
        });
        svg.addEventListener('pointermove', (event) => {
            if (!last) return;
            const box = svg.getBoundingClientRect();
            const across = (last.clientX - event.clientX) / box.width;
            const down = (last.clientY - event.clientY) / box.height;
            if (!svg.hasPointerCapture(event.pointerId)) {
                if (Math.hypot(across, down) < 0.01) return;
                svg.setPointerCapture(event.pointerId);
            }
            show(moved(now(), across, down));
            last = event;
        });
        for (const end of ['pointerup', 'pointercancel']) {
            svg.addEventListener(end, () => { last = null; });
        }
    };

    const tools = (figure, svg) => {
        const world = whole(svg);
        let view = world;
        const bar = document.createElement('div');
        bar.className = 'map-tools';
        bar.setAttribute('role', 'group');
        bar.setAttribute('aria-label', figure.dataset.tools);
        const show = (next) => {
            view = within(next, world);
            svg.setAttribute('viewBox', `${view.x} ${view.y} ${view.width} ${view.height}`);
            const far = view.width >= world.width;
            svg.classList.toggle('held', !far);
            for (const button of bar.children) {
                const closer = button.dataset.tool === 'in';
                button.setAttribute('aria-disabled', closer ? view.width <= world.width / 24 : far);
            }
        };
        for (const [name, sign, step] of TOOLS) {
            const button = document.createElement('button');
            Object.assign(button, {type: 'button', textContent: sign, title: figure.dataset[name]});
            button.setAttribute('aria-label', figure.dataset[name]);
            button.dataset.tool = name;
            button.addEventListener('click', () => show(step(view, world)));
            bar.append(button);
        }
        svg.after(bar);
        hold(svg, () => view, show);
        show(world);
    };

    // A row lights its mark or line, and a mark its row and its lines.
    const lighting = (figure) => {
        const marks = [...figure.querySelectorAll('[data-key]')];
        const lines = [...figure.querySelectorAll('[data-ends]')];
        const rows = [...document.querySelectorAll('[data-row]')];
        const light = (keys) => {
            const pair = keys.length > 1 ? keys.join(' ') : null;
            const touches = (line) => (pair ? line.dataset.ends === pair
                : keys.length && line.dataset.ends.split(' ').includes(keys[0]));
            for (const mark of marks) mark.classList.toggle('lit', keys.includes(mark.dataset.key));
            for (const line of lines) line.classList.toggle('lit', Boolean(touches(line)));
            for (const row of rows) row.classList.toggle('lit', row.dataset.row === keys.join(' '));
        };
        for (const mark of marks) {
            mark.addEventListener('pointerenter', () => light([mark.dataset.key]));
            mark.addEventListener('pointerleave', () => light([]));
        }
        for (const row of rows) {
            for (const begin of ['pointerenter', 'focusin']) {
                row.addEventListener(begin, () => light(row.dataset.row.split(' ')));
            }
            for (const end of ['pointerleave', 'focusout']) row.addEventListener(end, () => light([]));
        }
    };

    for (const figure of document.querySelectorAll('[data-map]')) {
        tools(figure, figure.querySelector('svg'));
        lighting(figure);
    }
}
