import '@mantine/core/styles.css';
import './console.css';
import { createTheme, type MantineColorsTuple, MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { ApiError, isFinal } from './api/api-error';
import { App } from './app';
import { setNonce } from 'get-nonce';
import { consolePath, styleNonce } from './page-settings';
import { SESSION_KEY } from './session/use-session';
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
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
});

const queries = new QueryClient({
  defaultOptions: { queries: { staleTime: 10_000, retry: (count, error) => count < 2 && !isFinal(error) } },
});

/** The session has ended: the pages that need one send the reader to the sign-in page. */
const forgetSession = (error: Error) => {
  if (error instanceof ApiError && error.status === 401) queries.setQueryData(SESSION_KEY, null);
};
queries.getQueryCache().subscribe(({ type, query }) => {
  if (type === 'updated' && query.state.error) forgetSession(query.state.error);
});
queries.getMutationCache().subscribe(({ mutation }) => {
  if (mutation?.state.error) forgetSession(mutation.state.error);
});

setNonce(styleNonce); // for the scroll lock of dialogs

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => styleNonce}>
        <TextsProvider>
          <QueryClientProvider client={queries}>
            <BrowserRouter basename={consolePath}>
              <App />
            </BrowserRouter>
          </QueryClientProvider>
        </TextsProvider>
      </MantineProvider>
    </StrictMode>,
  );
