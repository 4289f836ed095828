// Loads the chart module when a chart is seen and the browser idle. Small, because every page with a chart loads it.

const idle = window.requestIdleCallback ?? ((run) => setTimeout(run, 200));

/**
 * @param {HTMLElement} root holds the drawing and the option
 * @param {string} address of the module, which exports `mount(root)`
 */
export function mountWhenSeen(root, address) {
    const load = () =>
        idle(
            () => {
                import(address)
                    .then((module) => module.mount(root))
                    // The drawing stays, and it says the same.
                    .catch((error) => console.warn('chart stays a drawing:', error));
            },
            { timeout: 2000 },
        );
    const observer = new IntersectionObserver(
        (entries) => {
            if (!entries.some((entry) => entry.isIntersecting)) return;
            observer.disconnect();
            load();
        },
        { rootMargin: '100px' },
    );
    observer.observe(root);
}
