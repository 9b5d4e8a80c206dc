import '@mantine/core/styles.css';
import './console.css';
import { createTheme, type MantineColorsTuple, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter, RouterProvider } from 'react-router';
import { App, preloadLinks } from './app';
import { setNonce } from 'get-nonce';
import { ErrorBoundary } from './common/outer/error-boundary';
import { askBeforeUnload } from './page/unsaved';
import { watchMissingParts } from './common/outer/missing-part';
import { consolePath, styleNonce } from './page/page-settings';
import { followOtherTabs } from './session/other-tabs';
import { queries } from './session/queries';
import { TextsProvider } from './texts/texts';

const green: MantineColorsTuple = [
  '#eef7f4',
  '#d9ebe5',
  '#b0d6ca',
  '#84c0ad',
  '#5fad94',
  '#3f9b7f',
  '#2c7d68',
  '#1c5d50',
  '#174c42',
  '#0f3a32',
];

const theme = createTheme({
  respectReducedMotion: true,
  primaryColor: 'green',
  primaryShade: { light: 7, dark: 6 },
  colors: { green },
  defaultRadius: 'md',
  components: {
    // In the landmark of the page, and without a placeholder among the items (axe: region, aria-required-children).
    Menu: { defaultProps: { portalProps: { target: '#content' }, withInitialFocusPlaceholder: false } },
    // In that landmark as well, and the list itself scrolls, not an area around it (axe: scrollable-region-focusable).
    Combobox: { defaultProps: { portalProps: { target: '#content' } } },
    Select: { defaultProps: { withScrollArea: false } },
    MultiSelect: { defaultProps: { withScrollArea: false } },
  },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
});

watchMissingParts();
askBeforeUnload();
followOtherTabs();
preloadLinks();
setNonce(styleNonce); // for the scroll lock of dialogs

/** A data router, since only that can ask before a page is left. Its one route is the console. */
const router = createBrowserRouter(
  [
    {
      path: '*',
      element: (
        <ErrorBoundary>
          <App />
        </ErrorBoundary>
      ),
    },
  ],
  { basename: consolePath || '/' },
);

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => styleNonce}>
        <TextsProvider>
          <QueryClientProvider client={queries}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </TextsProvider>
      </MantineProvider>
    </StrictMode>,
  );
