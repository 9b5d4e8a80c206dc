export type TracingSettings = {
  /** The address of the collector for traces (OTLP over HTTP). */
  readonly url: string;
  readonly serviceName: string;
  /** `deployment.environment.name` */
  readonly environment: string | null;
};
