import { Button, Center, Loader, Text } from '@mantine/core';
import { Component, type ReactNode, useEffect, useState } from 'react';
import { useLocation } from 'react-router';
import { consoleUrl } from '../../page-settings';
import { useTexts } from '../../texts/texts';
import { isMissingPart, reloadOnce } from './missing-part';
import { OuterPage } from './outer-page';

/** Shows an error page in place of a page that fails, until the reader goes to another page. */
export function ErrorBoundary({ children }: { children: ReactNode }) {
  return <Boundary path={useLocation().pathname}>{children}</Boundary>;
}

type Props = { path: string; children: ReactNode };
type State = { error: Error | null };

class Boundary extends Component<Props, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  /** Compares with the state before, since a page can fail in the update that changes the path. */
  override componentDidUpdate({ path }: Props, { error }: State): void {
    if (path !== this.props.path && error) this.setState({ error: null });
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return isMissingPart(error) ? <MissingPart /> : <FailedPage />;
  }
}

function MissingPart() {
  const { failure } = useTexts();
  const [isTrying, setTrying] = useState(true);
  useEffect(() => void reloadOnce().then(() => setTrying(false)), []);
  if (isTrying)
    return (
      <Center h="100vh">
        <Loader />
      </Center>
    );
  return <ErrorPage text={failure.missingPart} />;
}

const FailedPage = () => <ErrorPage text={useTexts().failure.text} />;

function ErrorPage({ text }: { text: string }) {
  const { common, failure } = useTexts();
  return (
    <OuterPage title={failure.title}>
      <Text size="sm" role="alert">
        {text}
      </Text>
      <Button onClick={() => location.reload()}>{failure.reload}</Button>
      <Button component="a" href={consoleUrl.href} variant="default">
        {common.toStart}
      </Button>
    </OuterPage>
  );
}
