import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Config } from './config.js';

/** Owns how the installation is set up; does not read the environment itself, so that tests hand in what they like. */
@Global()
@Module({})
export class ConfigModule {
  static forRoot(config: Config): DynamicModule {
    return { module: ConfigModule, providers: [{ provide: Config, useValue: config }], exports: [Config] };
  }
}
